#!/bin/sh
# SPDX-License-Identifier: ISC
# A program that somebody will want to end. What kind it is stands before the dot in QUERY_STRING;
# the processes that are to end with it are noted in ../tmp/end.QUERY_STRING, others in .left.
file=../tmp/end.$QUERY_STRING
note() { echo "$@" >"$file.new" && mv "$file.new" "$file"; }
answer() { printf 'Content-Type: text/plain\n\ndone\n'; }
case ${QUERY_STRING%.*} in
plain) note $$ ;;
deaf) # to SIGTERM, and its child as well
	trap '' TERM
	sleep 30 &
	note $$ $!
	;;
family)
	sleep 30 &
	one=$!
	sleep 30 &
	note $$ $one $!
	;;
half) # its child is deaf, it is not
	(trap '' TERM && exec sleep 30) &
	note $$ $!
	;;
away) # its child has left the session, with standard output
	setsid sleep 20 &
	echo $! >"$file.left"
	note $$
	;;
closed) # works on after its answer
	answer
	exec >&-
	note $$
	;;
parent) # its child holds standard output and stays when it goes
	answer
	sleep 20 &
	echo $! >"$file.left"
	exit
	;;
tidy) # takes its time to tidy up
	trap 'sleep 0.3; echo tidied >"$file.tidy"; exit 3' TERM
	sleep 30 &
	note $$ $!
	wait
	;;
esac
exec sleep 30
