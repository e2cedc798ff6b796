// Command ferretdb serves the MongoDB protocol from a directory of SQLite files until SIGTERM, for tests.
// FerretDB reads a document and then writes it back; messages are let through one at a time, so that a change
// of one document is atomic as it is in MongoDB.
package main

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	directory := flag.String("directory", ".", "where the SQLite files live")
	untilStdinEnds := flag.Bool("until-stdin-ends", false, "end with the process that holds the other end of stdin")
	flag.Parse()

	socket := filepath.Join(*directory, "ferretdb.sock")
	_ = os.Remove(socket) // what a killed server left
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: socket},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: "file:" + *directory + "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	ending, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go accept(listener, socket)
	if *untilStdinEnds {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	fmt.Printf("mongodb://%s/\n", listener.Addr())
	if err := server.Run(ending); err != nil {
		log.Fatal(err)
	}
}

func accept(listener net.Listener, socket string) {
	var turn sync.Mutex
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go relay(client, socket, &turn)
	}
}

func relay(client net.Conn, socket string, turn *sync.Mutex) {
	defer client.Close()
	server, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		request, err := message(client)
		if err != nil {
			return
		}
		response, err := answer(server, request, turn)
		if err != nil {
			return
		}
		if _, err := client.Write(response); err != nil {
			return
		}
	}
}

func answer(server net.Conn, request []byte, turn *sync.Mutex) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	if moreToCome(request) {
		return nil, nil
	}
	return message(server)
}

// message reads one message of the wire protocol: its length stands in its first four bytes.
func message(connection net.Conn) ([]byte, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(connection, head); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head)
	if length < 16 || length > 64<<20 {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	whole := append(head, make([]byte, length-4)...)
	_, err := io.ReadFull(connection, whole[4:])
	return whole, err
}

// moreToCome tells an OP_MSG that nobody answers: flag bit 1.
func moreToCome(request []byte) bool {
	const opMsg = 2013
	return len(request) >= 20 && binary.LittleEndian.Uint32(request[12:]) == opMsg && request[16]&2 != 0
}
