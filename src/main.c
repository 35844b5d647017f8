/* SPDX-License-Identifier: ISC */
/*
 * main: read options and configuration, become the master.
 *
 * Everything that must be in order before the first line of real work is put
 * in order here: descriptors, signals, the daemon's session, the log.
 */
#include "platform.h"

#include <bsd/libutil.h>
#include <bsd/unistd.h>
#include <linux/close_range.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "config.h"
#include "explain.h"
#include "handover.h"
#include "inherit.h"
#include "inspect.h"
#include "log.h"
#include "master.h"
#include "notify.h"
#include "privs.h"
#include "settings.h"
#include "upgrade.h"

extern char **environ;

static const char *path = CONFIG_FILE;
static struct pidfh *pidfile;
static char *pidfile_name;
static bool foreground;
static const char *question;	/* of --explain */
static int waiting = -1;	/* the parent that waits to hear we are ready */

static void
main_usage(FILE *to)
{
	(void)fprintf(to, "usage: scgi-cgid [-f] [-t] [-c FILE]\n"
	    "       scgi-cgid [-c FILE] --explain 'METHOD URL' [NAME=VALUE ...]\n"
	    "  -c, --config FILE  read FILE instead of %s\n"
	    "  -f, --foreground   stay in the foreground, log to stderr\n"
	    "  -t, --test         check the configuration and exit\n"
	    "  -e, --explain REQ  say what would become of a request\n"
	    "  -h, --help         show this\n"
	    "  -V, --version      show the version\n"
	    "scgi-cgid(8) and scgi-cgid.conf(5) tell the rest.\n", CONFIG_FILE);
}

/* Whatever we were started with: 0 to 2 open, the others not for programs. */
static void
main_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd != -1)
		(void)close(fd);
	if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	for (fd = 3; fd < 65536; fd++)		/* before Linux 5.11 */
		if (fcntl(fd, F_GETFD) != -1)
			(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/*
 * Default actions, which programs inherit. What is blocked waits until the
 * master can listen to it; SIGPIPE and SIGXFSZ for ever, so that a write fails
 * instead.
 */
static void
main_signals(const sigset_t *blocked)
{
	static const unsigned long dfl[4];	/* the kernel's sigaction */
	int sig;

	/* Not signal(3): it leaves two that a starter may have ignored. */
	for (sig = 1; sig < NSIG; sig++)
		(void)syscall(SYS_rt_sigaction, sig, &dfl, NULL, NSIG / 8);
	(void)sigprocmask(SIG_SETMASK, blocked, NULL);
}

/* A start can be broken off; but what would end a daemon by habit is kept. */
static void
main_blocked(sigset_t *blocked, bool daemon, bool handed)
{
	(void)sigemptyset(blocked);
	if (handed) {		/* a daemon already: nothing must be missed */
		master_signals(blocked);
	} else if (daemon) {
		(void)sigaddset(blocked, SIGHUP);
		(void)sigaddset(blocked, SIGUSR1);
		(void)sigaddset(blocked, SIGUSR2);
	}
	(void)sigaddset(blocked, SIGPIPE);
	(void)sigaddset(blocked, SIGXFSZ);
}

static int
main_open_logs(const struct config *config)
{
	const char *log = config->log, *access = config->access_log;

	/* A daemon's stderr leads nowhere. */
	if (!foreground && strcmp(log, "stderr") == 0)
		log = "syslog";
	if (!foreground && strcmp(access, "stderr") == 0)
		access = "syslog";
	if (log_open_both(log, access) == -1) {
		log_error("cannot open the logs %s and %s", log, access);
		return -1;
	}
	log_set_level(config->log_level);
	log_set_format(config->log_format);
	return 0;
}

/*
 * Leave the terminal. The process that was started waits until its child has
 * bound the sockets, so that its exit status tells whether that worked.
 */
static void
main_daemonise(void)
{
	int fds[2];
	pid_t pid;
	char byte;

	if (pipe2(fds, O_CLOEXEC) == -1 || (pid = fork()) == -1)
		fatal(EX_OSERR, "cannot become a daemon");
	if (pid > 0) {
		(void)close(fds[1]);
		_exit(read(fds[0], &byte, 1) == 1 ? EX_OK : EX_UNAVAILABLE);
	}
	(void)close(fds[0]);
	waiting = fds[1];
	(void)setsid();
}

/* The sockets are bound: tell whoever waits, and let go of the terminal. */
static int
main_ready(const struct config *config)
{
	int fd;

	if (pidfile != NULL && pidfile_write(pidfile) == -1)
		log_warn("cannot write %s", config->pid_file);
	if (main_open_logs(config) == -1)
		return EX_CANTCREAT;
	if (foreground)
		return EX_OK;
	if ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) != -1) {
		(void)dup2(fd, STDIN_FILENO);
		(void)dup2(fd, STDOUT_FILENO);
		(void)dup2(fd, STDERR_FILENO);
		(void)close(fd);
	}
	if (waiting != -1) {
		(void)!write(waiting, "", 1);
		(void)close(waiting);
	}
	return EX_OK;
}

/* The pid file is also the lock that keeps a second daemon away. */
static void
main_lock(const struct config *config, bool handed)
{
	pid_t other = 0;

	if (config->pid_file == NULL)
		return;
	if ((pidfile_name = strdup(config->pid_file)) == NULL && !handed)
		fatal(EX_OSERR, "cannot remember the pid file %s",
		    config->pid_file);
	pidfile = pidfile_open(config->pid_file, 0644, &other);
	if (pidfile != NULL) {	/* whose lock must not outlive us in others */
		(void)fcntl(pidfile_fileno(pidfile), F_SETFD, FD_CLOEXEC);
		return;
	}
	if (handed) {
		log_warn("cannot open the pid file %s", config->pid_file);
		return;
	}
	if (errno == EEXIST)
		fatalx(EX_UNAVAILABLE, "%s: scgi-cgid already runs as process "
		    "%d", config->pid_file, (int)other);
	fatal(EX_CANTCREAT, "cannot open the pid file %s", config->pid_file);
}

/* The lock is the master's: it must not outlive it in a worker. */
static void
main_forked(void)
{
	if (pidfile != NULL)
		(void)pidfile_close(pidfile);
	pidfile = NULL;
	log_forked();
}

/* Keep no file system busy; but find the configuration again. */
static void
main_leave_directory(void)
{
	char *here, *absolute;

	if (path[0] != '/') {
		if ((here = getcwd(NULL, 0)) == NULL ||
		    asprintf(&absolute, "%s/%s", here, path) == -1)
			fatal(EX_OSERR, "%s: cannot find the whole name of the "
			    "configuration file", path);
		path = absolute;
		free(here);
	}
	(void)!chdir("/");
}

static struct config *
main_read(void)
{
	return config_read(path);
}

static const char *
main_path(void)
{
	return path;
}

static const char *
main_pid_file(void)
{
	return pidfile_name;
}

static const struct master_hooks main_hooks = {
	.path = main_path,
	.pid_file = main_pid_file,
	.read = main_read,
	.logs = main_open_logs,
	.ready = main_ready,
	.forked = main_forked,
};

static void
main_options(int argc, char *argv[], bool *test)
{
	static const struct option longopts[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "explain", required_argument, NULL, 'e' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "test", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:e:fthV", longopts, NULL)) != -1)
		switch (c) {
		case 'c':
			path = optarg;
			break;
		case 'e':
			question = optarg;
			break;
		case 'f':
			foreground = true;
			break;
		case 't':
			*test = true;
			break;
		case 'h':
			main_usage(stdout);
			exit(EX_OK);
		case 'V':
			(void)puts(PACKAGE_STRING);
			exit(EX_OK);
		default:
			main_usage(stderr);
			exit(EX_USAGE);
		}
	if (optind < argc && question == NULL) {
		main_usage(stderr);
		exit(EX_USAGE);
	}
}

/*
 * Become the user that programs run as, for good, so that what is looked at is
 * looked at with his eyes. False if that cannot be.
 */
static bool
main_become_user(const struct config *config)
{
	struct privs privs;
	const char *why = privs_find(&privs, config->user, config->group);

	if (why == NULL && privs_drop(&privs) == 0)
		return true;
	return false;
}

/* Started by root like this, the daemon would refuse. */
static bool
main_names_user(const struct config *config)
{
	if (geteuid() != 0 || config->user != NULL)
		return true;
	log_errorx("%s: no user: started as root, the programs need one; add "
	    "user = \"www-data\"", path);
	return false;
}

/* Could this binary take over from the one that asks? */
static bool
main_could_take_over(int handed)
{
	const char *why = NULL;

	if (handed != -1)
		handover_free(handover_read(handed, &why));
	if (why != NULL)
		log_errorx("what runs cannot be taken over, it is %s: restart "
		    "instead", why);
	return why == NULL;
}

/* The file is good in itself; but does it fit this machine? */
static int
main_test(const struct config *config, int handed)
{
	unsigned faults = 0;

	if (!main_names_user(config) || !main_could_take_over(handed))
		return 1;
	if (main_become_user(config))
		faults = inspect_config(config, path);
	else
		log_warnx("%s: not looked at what the mappings point at: this "
		    "is not the user that runs the programs; ask again as "
		    "root", path);
	if (faults > 0)
		return 1;
	(void)printf("%s: configuration is good\n", path);
	return EX_OK;
}

/* What would become of a request? The rest of the command line adds to it. */
static int
main_explain(const struct config *config, char *const *extra)
{
	int answer;

	if (!main_names_user(config))
		return EX_CONFIG;
	if (!main_become_user(config))
		log_warnx("%s: this is not the user that runs the programs, so "
		    "the file permissions seen are not theirs", path);
	answer = explain(config, path, question, extra);
	return answer == -1 ? EX_USAGE : answer;
}

/* All that the old workers need of a configuration: where it leads to. */
static struct config *
main_handed_config(const struct handover *h)
{
	struct config *config = calloc(1, sizeof *config);

	if (config == NULL)
		return NULL;
	config->log = h->log == NULL ? NULL : strdup(h->log);
	config->access_log = h->access_log == NULL ? NULL :
	    strdup(h->access_log);
	config->pid_file = h->pid_file == NULL ? NULL : strdup(h->pid_file);
	config->log_level = h->log_level;
	if (config->log != NULL && config->access_log != NULL)
		return config;
	config_free(config);
	return NULL;
}

/* In the place of another binary, whose sockets and workers are ours now. */
static int
main_take_over(int handed)
{
	const char *why;
	struct handover *h = handover_read(handed, &why);
	struct config *config = h == NULL ? NULL : main_handed_config(h);

	(void)close(handed);
	if (config == NULL || (path = strdup(h->config)) == NULL)
		fatalx(EX_OSERR, "cannot take over: %s", why);
	main_lock(config, true);
	return master_take_over(h, config, &main_hooks);
}

static int
main_start(struct config *config)
{
	if (!foreground)
		main_daemonise();
	main_leave_directory();
	main_lock(config, false);
	return master_run(config, &main_hooks);
}

int
main(int argc, char *argv[])
{
	struct config *config;
	bool test = false;
	sigset_t blocked;
	int handed, status;

	if (upgrade_remember(argc, argv) == -1)
		fatal(EX_OSERR, "cannot start");
	setproctitle_init(argc, argv, environ);
	handed = upgrade_handed();
	main_options(argc, argv, &test);
	main_descriptors();
	main_blocked(&blocked, !test && question == NULL,
	    !test && question == NULL && handed != -1);
	main_signals(&blocked);
	(void)umask(022);
	notify_init();		/* before passenv is looked up */
	if (inherit_init() == -1)
		exit(EX_UNAVAILABLE);
	if (handed != -1 && !test && question == NULL) {
		status = main_take_over(handed);
		goto out;
	}
	if ((config = config_read(path)) == NULL)
		exit(test ? 1 : EX_CONFIG);
	if (question != NULL || test) {
		status = question != NULL ?
		    main_explain(config, argv + optind) :
		    main_test(config, handed);
		config_free(config);
		return status;
	}
	status = main_start(config);
out:
	if (pidfile != NULL)
		(void)pidfile_remove(pidfile);
	return status;
}
