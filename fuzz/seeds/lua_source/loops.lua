local a, b, s = 0x10, 1e-3, {10, 3, 7; x = [[long
text]], ["k"] = 'q\65\\'} table.sort(s, function(a, b) return a > b end)
for i = 10, 1, -3 do a = a + i if i < 4 then break end end repeat local z = a a = a - 1 until z < 5
while a > 0 do a = a - 1 end for k, v in pairs(s) do print(k, v) end goto_ = nil and 1 or 2 return unpack(s)
