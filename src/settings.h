/* SPDX-License-Identifier: ISC */
/*
 * settings: what the configuration file says, as structures.
 */
#ifndef CGID_SETTINGS_H
#define CGID_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum symlinks { SYMLINKS_FOLLOW, SYMLINKS_BENEATH };
enum response { RESPONSE_STATUS, RESPONSE_HTTP };
enum local_redirect { LOCAL_REDIRECT_X_ACCEL, LOCAL_REDIRECT_CLIENT };
enum reply_when { REPLY_AFTER_BODY, REPLY_AT_ONCE };
enum on_disconnect { ON_DISCONNECT_KILL, ON_DISCONNECT_FINISH };
enum tcp_fin { TCP_FIN_HALF_CLOSE, TCP_FIN_GONE };
enum body_length { BODY_LENGTH_FRONT_END, BODY_LENGTH_CLIENT };
enum request_body { REQUEST_BODY_STREAM, REQUEST_BODY_SPOOL };
enum error_body { ERROR_BODY_FULL, ERROR_BODY_BRIEF };

/* Strings of a list option, in the order of the file; `v` ends with NULL. */
struct strings {
	char	**v;
	size_t	  n;
};

/* An interpreter for files whose names end in `extension` (".pl"). */
struct handler {
	char		*extension;
	char		*program;
	struct strings	 arguments;
};

struct handlers {
	struct handler	*v;
	size_t		 n;
};

/* What may stand in a map, and outside of maps as the default for all. */
struct settings {
	struct strings	arguments, index, setenv, passenv, unsetenv, accept,
			methods, require;
	struct handlers	handlers;
	char	*working_directory;	/* NULL: the program's own */
	bool	 pass_authorization;
	bool	 indexed_query;
	bool	 no_new_privileges;
	bool	 nph;
	bool	 x_accel;
	/* the enumerations above, as the words stand in the table */
	int	 symlinks, response, local_redirect, reply, on_disconnect,
		 tcp_fin, error_body, body_length, request_body;
	/* milliseconds; 0 is no limit */
	int64_t	 queue_timeout, body_timeout, output_timeout, send_timeout, max_runtime,
		 kill_grace, slow_request;
	/* bytes */
	int64_t	 queue_length;		/* requests that wait */
	int64_t	 max_body;		/* 0 is no limit */
	int64_t	 max_response_header;
};

struct mapping {
	int		 line;		/* of the file */
	char		*title;		/* the prefix as written */
	char		*prefix;	/* without a slash at its end */
	size_t		 prefix_len;
	char		*host;		/* NULL: any */
	/* one of these three is set */
	char		*directory;
	char		*program;
	struct strings	 script_filename;	/* directories */
	int64_t		 max_processes;	/* 0: no limit of its own */
	struct settings	 set;
};

struct config {
	struct mapping	*maps;		/* longest prefix first */
	size_t		 n_maps;
	struct settings	 defaults;
	struct strings	 listen;
	struct strings	 allow;
	char		*user, *group;
	char		*socket_owner, *socket_group;
	int64_t		 socket_mode;
	int64_t		 workers;	/* 0: one per CPU */
	int64_t		 requests_per_worker;
	int64_t		 max_processes;	/* 0: no limit */
	char		*log, *access_log;
	int		 log_level;	/* a syslog priority */
	int		 log_format;	/* see log.h */
	char		*pid_file;	/* NULL: none */
	char		*spool_directory;
	int64_t		 header_timeout, linger_timeout, drain_timeout;	/* ms */
	int64_t		 max_header, max_field;				/* bytes */
};

#endif
