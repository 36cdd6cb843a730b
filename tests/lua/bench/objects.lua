-- Objects with methods found by a metatable, and the garbage that they become.
local Point = {}
Point.__index = Point
Point.__add = function(a, b) return Point.new(a.x + b.x, a.y + b.y) end
function Point.new(x, y) return setmetatable({x = x, y = y}, Point) end
function Point:length() return self.x * self.x + self.y * self.y end
local sum, step = Point.new(0, 0), Point.new(1, 2)
local total = 0
for _ = 1, 1e6 do
  sum = sum + step
  total = total + sum:length() % 7
end
return total
