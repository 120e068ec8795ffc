; The captures are those of ../python/symbols.scm.

(_ ; block_mapping_pair flow_pair
  key: (flow_node
    [
      (plain_scalar)
      (single_quote_scalar)
      (double_quote_scalar)
    ] @name)) @definition.variable
