-- What can be reached stays, what cannot goes: cycles, closures, coroutines, weak tables.
local function used() collectgarbage() return collectgarbage("count") end
local before = used()
for i = 1, 2e5 do
  local a, b = {}, {}
  a.b, b.a = b, a
  a.f = function() return a, b end
  setmetatable(a, {__index = b, owner = a})
end
print("cycles", used() - before < 50)
before = used()
for i = 1, 1e4 do
  local co
  co = coroutine.wrap(function(...) local kept = {co, ...} coroutine.yield(kept) end)
  co(i)
end
print("coroutines", used() - before < 50)
before = used()
for i = 1, 1e5 do local s = "s" .. i end
print("strings", used() - before < 50)
local weak = setmetatable({}, {__mode = "k"})
local kept = {}
for i = 1, 100 do weak[{}] = i end
weak[kept] = "kept"
weak.text = {}
collectgarbage()
local n = 0
for k, v in pairs(weak) do n = n + 1 end
print("weak keys", n, weak[kept], type(weak.text))
local values = setmetatable({}, {__mode = "v"})
for i = 1, 100 do values[i] = {} end
values.kept, values[50], values.number = kept, "text", 7
collectgarbage()
n = 0
for k, v in pairs(values) do n = n + 1 end
print("weak values", n, values.kept == kept, values[50], values.number)
local both = setmetatable({}, {__mode = "kv"})
both[1], both[kept], both[{}] = {}, kept, kept
collectgarbage()
n = 0
for k in pairs(both) do n = n + 1 end
print("both", n)
local t = {}
for i = 1, 1000 do t["k" .. i] = i end
for k in pairs(t) do t[k] = nil collectgarbage("step") end
print("cleared", next(t))
local function counter() local c = 0 return function() c = c + 1 return c end end
local one, two = counter(), counter()
collectgarbage()
print(one(), one(), two())
local gen = coroutine.wrap(function() local x = {1, 2, 3} for i = 1, 3 do coroutine.yield(x[i]) collectgarbage() end end)
collectgarbage()
print(gen(), gen(), gen())
