; The captures are those of ../python/symbols.scm.

(pair
  key: (string (string_content) @name)) @definition.variable
