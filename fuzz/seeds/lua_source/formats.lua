print(cjson.encode(cjson.decode('[1,{"a":null},"\\u00e9"]')), cmsgpack.unpack(cmsgpack.pack({1, x = 2.5}, "s")))
print(struct.unpack(">I2c0", struct.pack(">I2c0", 3, "abc")), bit.tohex(bit.band(0xff, 255)), #struct.pack("!8d", 1))
