// Makes Go code from one .proto file: `gen FOLDER FILE IMPORT_PATH OUT`. It does what protoc does with Go's two plugins, which are
// expected beside it, so that nobody has to install protoc.
package main

import (
	"bytes"
	"context"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

var plugins = []string{"protoc-gen-go", "protoc-gen-go-grpc"}

func main() {
	if len(os.Args) != 5 {
		log.Fatal("gen: expected FOLDER FILE IMPORT_PATH OUT")
	}
	folder, file, importPath, out := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	compiler := protocompile.Compiler{Resolver: &protocompile.SourceResolver{ImportPaths: []string{folder}}}
	compiled, err := compiler.Compile(context.Background(), file)
	must(err)
	request, err := proto.Marshal(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{file},
		Parameter:      proto.String("paths=source_relative,M" + file + "=" + importPath),
		ProtoFile:      []*descriptorpb.FileDescriptorProto{protodesc.ToFileDescriptorProto(compiled.FindFileByPath(file))},
	})
	must(err)
	must(os.MkdirAll(out, 0o755))
	for _, plugin := range plugins {
		write(out, run(plugin, request))
	}
}

func run(plugin string, request []byte) *pluginpb.CodeGeneratorResponse {
	self, err := os.Executable()
	must(err)
	path := filepath.Join(filepath.Dir(self), plugin)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	command := exec.Command(path)
	command.Stdin, command.Stderr = bytes.NewReader(request), os.Stderr
	output, err := command.Output()
	must(err)
	response := &pluginpb.CodeGeneratorResponse{}
	must(proto.Unmarshal(output, response))
	if response.GetError() != "" {
		log.Fatalf("%s: %s", plugin, response.GetError())
	}
	return response
}

func write(out string, response *pluginpb.CodeGeneratorResponse) {
	for _, file := range response.GetFile() {
		must(os.WriteFile(filepath.Join(out, file.GetName()), []byte(file.GetContent()), 0o644))
	}
}

func must(err error) {
	if err != nil {
		log.Fatal("gen: ", err)
	}
}
