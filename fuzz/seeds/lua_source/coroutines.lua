local c = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) error({b}) end)
print(c(1), pcall(c, 2), coroutine.resume(coroutine.create(function() return host(1, 2) end)))
