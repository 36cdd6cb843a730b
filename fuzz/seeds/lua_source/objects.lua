local m = {__index = function(t, k) return k .. 1 end, __add = function(a, b) return 7 end, __call = function(s, x) return x end}
local o = setmetatable({x = 1}, m) o.y = o + 1 print(o.z, o(2), #o, o == o, not o, -(2 ^ 3), 1 .. 2)
