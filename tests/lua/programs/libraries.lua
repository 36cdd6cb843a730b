-- Tables, sorting, mathematics, numbers as text, environments.
local t = {} local x = 12345 for i=1,2000 do x = (x*1103515245+12345) % 2147483648 t[i] = x % 1000 end
local n = 0
table.sort(t, function(a,b) n = n + 1 return a > b end) print(n, t[1], t[1000], t[2000])
table.sort(t) print(t[1], t[1000], t[2000])
print(pcall(table.sort, {3,2,"x",1}))
print(pcall(table.sort, {1,2,3,4,5,6,7,8}, function() return true end))
print(table.concat({1,2,"x",3.5}, ", "), table.concat({}, "x"), table.concat({1,2,3}, "-", 2, 3))
print(pcall(table.concat, {1,{},3}))
local l = {1,2,3} table.insert(l, 4) table.insert(l, 1, 0) table.insert(l, 3, 'm') print(table.concat(l, " ")) print(table.remove(l), table.remove(l, 1), table.concat(l, " "))
print(table.maxn({1,2,[10.5]=1}), table.getn({1,2,3}))
print(pcall(table.setn, {}, 3))
table.foreach({a=1}, print) print(table.foreachi({5,6,7}, function(i,v) if v == 6 then return i end end))
local objs = {} for i=1,20 do objs[i] = setmetatable({v=(i*7)%20}, {__lt = nil}) end
local mt = {__lt=function(a,b) return a.v < b.v end} for i=1,20 do setmetatable(objs[i], mt) end
table.sort(objs) for i=1,20 do io = objs[i].v end print(objs[1].v, objs[20].v)
print(math.floor(3.7), math.ceil(3.2), math.max(1,5,3), math.min(4,2), math.fmod(7,3), math.pow(2,8), math.frexp(10), math.ldexp(0.5, 4), math.modf(-3.7), math.huge, math.pi, math.abs(-3), math.sqrt(2), math.log10(1000), math.deg(math.pi), math.rad(180))
local function tail(n) if n == 0 then return "done" end return tail(n-1) end print(tail(100000))
print(xpcall(function() local x = nil; x() end, function(e) error("again") end))
print(select(-1, 1, 2, 3), select(2, 'a', 'b', 'c'))
print(tonumber("0x10"), tonumber("  12  "), tonumber("1e1"), tonumber("10", 2), tonumber("zz", 36), tonumber("7", 2), tonumber(""), tonumber("0x"), tonumber("1 2"), tonumber("inf"), tonumber("nan"), tonumber("0x1p4"), tonumber("-0x10"), tonumber("ff", 16), tonumber("-ff", 16))
for i = 3, 1 do print(i) end for i = 1, 2, 0.5 do print(i) end
print(pcall(function() for i = 1, {} do end end))
print(pcall(function() for k in 5 do end end))
print(pcall(function() for k in {} do end end))
print(pcall(setmetatable, 1, {})) print(pcall(ipairs)) print(pcall(next, {}, "nokey")) print(pcall(rawset, {}, nil, 1))
print(pcall(function() local t = {} t[nil] = 1 end)) print(pcall(function() local t = {} t[0/0] = 1 end))
local t = setmetatable({}, {__newindex = function(t,k,v) rawset(t,k,v*2) end}) t.x = 5 print(t.x)
local p = newproxy(true) getmetatable(p).__len = function() return 42 end print(#p)
print(getfenv(1) == _G, getfenv(0) == _G, pcall(setfenv, print, {})) local function ff() return yy end setfenv(ff, {yy = 9}) print(ff())
print((function(a, ...) return ... end)(1, 2, 3))
