print(("key=value"):gsub("(%w+)=(%w+)", "%2=%1"), ("%5.2f|%q"):format(1.5, "a\n\0b"), ("a,b"):find(",", 1, true))
for w in ("one two"):gmatch("%a+") do print(w:upper():rep(2), w:byte(1, -1)) end --[==[ a ]==]
