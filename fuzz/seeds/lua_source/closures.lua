local t = {} for i = 1, 3 do local n = i t[i] = function(...) n = n + 1 return n, i, ... end end
return t[1](), t[2](2), select('#', t[3](nil, nil))
