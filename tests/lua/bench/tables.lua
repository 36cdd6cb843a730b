-- Lists and keys of tables.
local t, keys = {}, {}
for round = 1, 10 do
  for i = 1, 1e5 do t[i] = i * round end
  for i = 1, 1e5 do keys['k' .. i % 1000] = (keys['k' .. i % 1000] or 0) + t[i] end
  local sum = 0
  for _, v in ipairs(t) do sum = sum + v end
  for _, v in pairs(keys) do sum = sum + v end
end
return #t
