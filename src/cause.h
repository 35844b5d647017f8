/* SPDX-License-Identifier: ISC */
/*
 * cause: why a request did not get what it asked for.
 *
 * Parsers return a cause, callers pass it on, and only here is it turned into
 * a status, into words for the log and into a phrase for people.
 */
#ifndef CGID_CAUSE_H
#define CGID_CAUSE_H

enum cause {
	CAUSE_NONE,
	/* the peer, its SCGI */
	CAUSE_PEER_REFUSED, CAUSE_NOT_SCGI, CAUSE_LENGTH_ZERO, CAUSE_NO_COMMA,
	CAUSE_HEADER_CUT, CAUSE_HEADER_TIMEOUT, CAUSE_HEADER_TOO_LARGE,
	CAUSE_FIELD_TOO_LARGE, CAUSE_MANY_PARAMETERS, CAUSE_NO_FINAL_NUL,
	CAUSE_EMPTY_NAME, CAUSE_NAME_ALONE, CAUSE_COLLIDING_NAMES,
	CAUSE_NO_SCGI, CAUSE_SCGI_TWICE, CAUSE_NO_LENGTH, CAUSE_LENGTH_TWICE,
	CAUSE_BAD_LENGTH, CAUSE_HUGE_LENGTH,
	/* what it asks for */
	CAUSE_NO_METHOD, CAUSE_BAD_METHOD, CAUSE_NO_PATH, CAUSE_RELATIVE_PATH,
	CAUSE_BAD_ENCODING, CAUSE_NUL_IN_PATH, CAUSE_CONTROL_IN_PATH,
	CAUSE_DOTS_IN_PATH, CAUSE_ABOVE_ROOT, CAUSE_NO_MAP, CAUSE_METHOD,
	CAUSE_REQUIRE, CAUSE_BODY_TOO_LARGE,
	/* the script */
	CAUSE_NO_SCRIPT, CAUSE_NO_INDEX, CAUSE_DOT_NAME, CAUSE_SYMLINK,
	CAUSE_SEARCH_DENIED, CAUSE_NO_DIRECTORY, CAUSE_LOOKUP_FAILED,
	CAUSE_NOT_A_FILE, CAUSE_WORLD_WRITABLE, CAUSE_NOT_EXECUTABLE,
	CAUSE_EXEC_DENIED, CAUSE_EXEC_FAILED, CAUSE_ENVIRONMENT,
	CAUSE_WORKING_DIRECTORY,
	/* before and while it runs */
	CAUSE_QUEUE_FULL, CAUSE_QUEUE_TIMEOUT, CAUSE_BODY_TIMEOUT, CAUSE_OUTPUT_TIMEOUT, CAUSE_MAX_RUNTIME,
	CAUSE_SEND_TIMEOUT, CAUSE_CLIENT_GONE,
	/* its answer */
	CAUSE_NO_OUTPUT, CAUSE_CUT_ANSWER, CAUSE_ANSWER_TOO_LARGE,
	CAUSE_NO_CGI_FIELD, CAUSE_FIELD_TWICE, CAUSE_CONTINUATION,
	CAUSE_NO_COLON, CAUSE_BAD_FIELD_NAME, CAUSE_BAD_FIELD_VALUE,
	CAUSE_STATUS_FORM, CAUSE_STATUS_RANGE, CAUSE_LENGTH_FORM,
	CAUSE_LENGTHS_DIFFER,
	/* this machine, and ourselves */
	CAUSE_MEMORY, CAUSE_RESOURCES, CAUSE_SPOOL, CAUSE_EPOLL, CAUSE_STOPPING,
	CAUSE_COUNT
};

/* The status of the answer; 0 where none is given. */
int		cause_status(enum cause);

/* How the request ended: the word after end= of the access line. */
const char	*cause_end(enum cause);

/*
 * The word after reason=, which never changes; NULL where end= says it all.
 */
const char	*cause_word(enum cause);

/* The same for people, perhaps with a remedy; NULL for CAUSE_NONE. */
const char	*cause_phrase(enum cause);

#endif
