module kiteline/interop/measured

go 1.26.0
