-- Sorting, by the natural order and by a function.
local seed, t, u = 42, {}, {}
for i = 1, 1e5 do
  seed = (seed * 16807) % 2147483647
  t[i], u[i] = seed, seed
end
table.sort(t)
table.sort(u, function(a, b) return a > b end)
return t[1] - u[#u]
