"""The industrial internet platform (工业互联网平台): how a factory's machines are doing."""
