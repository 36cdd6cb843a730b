-- Numbers in a loop.
local sum = 0
for i = 1, 2e7 do sum = (sum + i * 2) % 1000003 end
return sum
