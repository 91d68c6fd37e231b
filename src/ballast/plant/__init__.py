"""The industrial internet platform (工业互联网平台): hears the machines of a factory, and tells how they do."""
