"""The identifier node (标识解析二级节点): names things, and resolves the names for anyone."""
