// SPDX-License-Identifier: ISC

// gocgi: Go's own CGI server, as small as it can be, to be compared with.
//
//	gocgi SOCKET DIRECTORY
package main

import (
	"log"
	"net"
	"net/http"
	"net/http/cgi"
	"os"
	"path"
)

func main() {
	socket, directory := os.Args[1], os.Args[2]
	listener, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			name := path.Base(r.URL.Path)
			handler := cgi.Handler{
				Path: path.Join(directory, name),
				Root: "/cgi-bin/" + name,
				Dir:  directory,
			}
			handler.ServeHTTP(w, r)
		})))
}
