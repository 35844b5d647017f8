/* SPDX-License-Identifier: ISC */
/*
 * cause: why a request did not get what it asked for.
 *
 * The table is an interface: people grep for its words, and scgi-cgid(8) lists
 * them. Invariant: no word stands twice.
 */
#include "platform.h"

#include "cause.h"

#include <stddef.h>

#define BAD	"bad-request"
#define NO	"refused"
#define REPLY	"bad-reply"
#define ERROR	"error"

static const struct {
	int		 status;
	const char	*end;
	const char	*word;
	const char	*phrase;
} causes[CAUSE_COUNT] = {
[CAUSE_NONE] = { 0, "done", NULL, NULL },

[CAUSE_PEER_REFUSED] = { 403, NO, "peer-not-allowed", "the peer is not among those that allow lists" },
[CAUSE_NOT_SCGI] = { 400, BAD, "not-scgi", "not SCGI: no netstring length at the start" },
[CAUSE_LENGTH_ZERO] = { 400, BAD, "netstring-zero", "netstring length begins with a zero" },
[CAUSE_NO_COMMA] = { 400, BAD, "netstring-comma", "no comma after the header block" },
[CAUSE_HEADER_CUT] = { 0, BAD, "header-cut", "connection closed inside the header block" },
[CAUSE_HEADER_TIMEOUT] = { 408, "header-timeout", NULL, "the header block did not arrive in time" },
[CAUSE_HEADER_TOO_LARGE] = { 431, BAD, "header-too-large", "header block larger than max-header" },
[CAUSE_FIELD_TOO_LARGE] = { 431, BAD, "field-too-large", "a parameter is larger than max-field" },
[CAUSE_MANY_PARAMETERS] = { 431, BAD, "too-many-parameters", "too many parameters" },
[CAUSE_NO_FINAL_NUL] = { 400, BAD, "no-final-nul", "header block does not end with NUL" },
[CAUSE_EMPTY_NAME] = { 400, BAD, "empty-name", "empty name in the header block" },
[CAUSE_NAME_ALONE] = { 400, BAD, "name-alone", "name without a value in the header block" },
[CAUSE_COLLIDING_NAMES] = { 400, BAD, "colliding-names", "names that are made to collide" },
[CAUSE_NO_SCGI] = { 400, BAD, "no-scgi", "no SCGI parameter with the value 1" },
[CAUSE_SCGI_TWICE] = { 400, BAD, "scgi-twice", "SCGI twice" },
[CAUSE_NO_LENGTH] = { 400, BAD, "no-content-length", "no CONTENT_LENGTH" },
[CAUSE_LENGTH_TWICE] = { 400, BAD, "content-length-twice", "CONTENT_LENGTH twice" },
[CAUSE_BAD_LENGTH] = { 400, BAD, "bad-content-length", "CONTENT_LENGTH is not a number" },
[CAUSE_HUGE_LENGTH] = { 400, BAD, "huge-content-length", "CONTENT_LENGTH is too large" },

[CAUSE_NO_METHOD] = { 400, BAD, "no-method", "no REQUEST_METHOD" },
[CAUSE_BAD_METHOD] = { 400, BAD, "bad-method", "bad REQUEST_METHOD" },
[CAUSE_NO_PATH] = { 400, BAD, "no-path", "no path: the front end sends neither SCRIPT_NAME, DOCUMENT_URI nor REQUEST_URI" },
[CAUSE_RELATIVE_PATH] = { 400, BAD, "relative-path", "path does not begin with a slash" },
[CAUSE_BAD_ENCODING] = { 400, BAD, "bad-encoding", "bad percent-encoding in the path" },
[CAUSE_NUL_IN_PATH] = { 400, BAD, "nul-in-path", "NUL in the path" },
[CAUSE_CONTROL_IN_PATH] = { 400, BAD, "control-in-path", "control character in the path" },
[CAUSE_DOTS_IN_PATH] = { 400, BAD, "dots-in-path", "\"..\" in the path" },
[CAUSE_ABOVE_ROOT] = { 400, BAD, "above-root", "path climbs above the root" },
[CAUSE_NO_MAP] = { 404, NO, "no-map", "no map for this path" },
[CAUSE_METHOD] = { 405, NO, "method", "method not among the mapping's methods" },
[CAUSE_REQUIRE] = { 403, NO, "require", "a variable that the mapping requires is missing or empty" },
[CAUSE_BODY_TOO_LARGE] = { 413, NO, "body-too-large", "body larger than max-body" },

[CAUSE_NO_SCRIPT_FILENAME] = { 400, BAD, "no-script-filename", "the front end sends no absolute SCRIPT_FILENAME, which the mapping needs" },
[CAUSE_OUTSIDE] = { 403, NO, "outside", "SCRIPT_FILENAME is below none of the directories that script-filename lists" },
[CAUSE_NO_SCRIPT] = { 404, NO, "no-script", "no such script" },
[CAUSE_NO_INDEX] = { 404, NO, "no-index", "a directory, and no index file in it" },
[CAUSE_DOT_NAME] = { 404, NO, "dot-name", "names that begin with a dot are not served" },
[CAUSE_SYMLINK] = { 403, NO, "symlink", "a symbolic link is absolute or leads out of the directory (symlinks = follow allows it)" },
[CAUSE_SEARCH_DENIED] = { 403, NO, "search-denied", "not allowed to look into the directory" },
[CAUSE_NO_DIRECTORY] = { 500, ERROR, "no-directory", "the mapping's directory cannot be opened" },
[CAUSE_LOOKUP_FAILED] = { 500, ERROR, "lookup-failed", "the script cannot be looked up" },
[CAUSE_NOT_A_FILE] = { 403, NO, "not-a-file", "not a regular file" },
[CAUSE_WORLD_WRITABLE] = { 403, NO, "world-writable", "the script is writable by everyone (chmod o-w it)" },
[CAUSE_NOT_EXECUTABLE] = { 403, NO, "not-executable", "the script is not executable (chmod +x it)" },
[CAUSE_EXEC_DENIED] = { 403, NO, "exec-denied", "not allowed to run the program" },
[CAUSE_EXEC_FAILED] = { 502, ERROR, "exec-failed", "the program cannot be run" },
[CAUSE_ENVIRONMENT] = { 431, BAD, "environment-too-large", "the request is too large for a program's environment" },
[CAUSE_WORKING_DIRECTORY] = { 500, ERROR, "working-directory", "the working directory cannot be entered" },

[CAUSE_QUEUE_FULL] = { 503, NO, "queue-full", "too many requests wait already" },
[CAUSE_QUEUE_TIMEOUT] = { 503, "queue-timeout", NULL, "too many programs run, and none ended in time" },
[CAUSE_BODY_TIMEOUT] = { 408, "body-timeout", NULL, "the body did not arrive in time" },
[CAUSE_OUTPUT_TIMEOUT] = { 504, "output-timeout", NULL, "the program was silent too long" },
[CAUSE_MAX_RUNTIME] = { 504, "max-runtime", NULL, "the program ran too long" },
[CAUSE_SEND_TIMEOUT] = { 0, "send-timeout", NULL, "the client did not take the answer in time" },
[CAUSE_CLIENT_GONE] = { 0, "client-gone", NULL, "the client has left" },

[CAUSE_NO_OUTPUT] = { 502, REPLY, "no-output", "no output at all" },
[CAUSE_CUT_ANSWER] = { 502, REPLY, "header-incomplete", "output ends before the header is complete" },
[CAUSE_ANSWER_TOO_LARGE] = { 502, REPLY, "response-header-too-large", "header larger than max-response-header" },
[CAUSE_NO_CGI_FIELD] = { 502, REPLY, "no-cgi-field", "header has none of Content-Type, Location, Status" },
[CAUSE_FIELD_TWICE] = { 502, REPLY, "cgi-field-twice", "a CGI field twice, with different values" },
[CAUSE_CONTINUATION] = { 502, REPLY, "continuation-line", "continuation line in the header" },
[CAUSE_NO_COLON] = { 502, REPLY, "no-colon", "header line without a colon" },
[CAUSE_BAD_FIELD_NAME] = { 502, REPLY, "bad-field-name", "bad field name in the header" },
[CAUSE_BAD_FIELD_VALUE] = { 502, REPLY, "bad-field-value", "control character in a field value" },
[CAUSE_STATUS_FORM] = { 502, REPLY, "bad-status", "Status is not a number of three digits" },
[CAUSE_STATUS_RANGE] = { 502, REPLY, "status-out-of-range", "Status is not from 200 to 599" },
[CAUSE_LENGTH_FORM] = { 502, REPLY, "bad-response-length", "Content-Length is not a number" },
[CAUSE_LENGTHS_DIFFER] = { 502, REPLY, "response-lengths-differ", "two different Content-Lengths" },
[CAUSE_CODING] = { 502, REPLY, "transfer-coding", "a Transfer-Encoding that is not just chunked" },
[CAUSE_BAD_CHUNK] = { 502, REPLY, "bad-chunk", "the body is said to be chunked, but is not" },
[CAUSE_CHUNKS_CUT] = { 502, REPLY, "chunks-incomplete", "output ends before the last chunk" },

[CAUSE_MEMORY] = { 503, ERROR, "no-memory", "no memory" },
[CAUSE_RESOURCES] = { 503, ERROR, "no-resources", "no process, descriptor or memory to be had" },
[CAUSE_SPOOL] = { 507, ERROR, "spool-full", "no room for the body" },
[CAUSE_EPOLL] = { 503, ERROR, "epoll-failed", "epoll failed" },
[CAUSE_STOPPING] = { 503, "drain", NULL, "the gateway is stopping" },
};

int
cause_status(enum cause cause)
{
	return causes[cause].status;
}

const char *
cause_end(enum cause cause)
{
	return causes[cause].end;
}

const char *
cause_word(enum cause cause)
{
	return causes[cause].word;
}

const char *
cause_phrase(enum cause cause)
{
	return causes[cause].phrase;
}
