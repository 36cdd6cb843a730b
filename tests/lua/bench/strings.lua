-- Texts: joined, formatted, searched and replaced.
local parts = {}
for i = 1, 1e5 do parts[i] = string.format('%d:%s', i, ('x'):rep(i % 10)) end
local text, count = table.concat(parts, ','), 0
for number in text:gmatch('(%d+):') do count = count + #number end
for _ = 1, 5 do text = text:gsub('x+', function(s) return s:upper() end):lower() end
return count + #text + text:find('99999', 1, true)
