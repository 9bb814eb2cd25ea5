module kiteline/interop/proto

go 1.26.0

require (
	github.com/envoyproxy/protoc-gen-validate v1.3.0
	istio.io/api v1.31.1
)
