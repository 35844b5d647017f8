/* SPDX-License-Identifier: ISC */
/*
 * launch: from what a request means to a program that runs.
 *
 * The last step before the program, and the place where a failing start is
 * put into words.
 */
#include "platform.h"

#include "launch.h"

#include <errno.h>
#include <string.h>

#include "env.h"
#include "hash.h"
#include "log.h"
#include "map.h"
#include "run.h"
#include "scgi.h"
#include "settings.h"

/* Where env reports the names it leaves out. */
struct witness {
	const struct target	*target;
	const char		*id;
	struct once		*once;
};

/* Is it the first time that this is said about that? */
static bool
launch_first_time(struct once *once, const void *about, const char *name)
{
	uint32_t hash = hash_bytes((uint32_t)((uintptr_t)about >> 4) ^
	    HASH_NONE, name, strlen(name));
	unsigned i;

	for (i = 0; i < once->n; i++)
		if (once->said[i] == hash)
			return false;
	if (once->n == sizeof once->said / sizeof once->said[0])
		return false;
	once->said[once->n++] = hash;
	return true;
}

static void
launch_left_out(void *arg, const char *name)
{
	struct witness *w = arg;
	const struct mapping *map = w->target->map;

	if (launch_first_time(w->once, map, name))
		log_info("id=%s map %s: parameter %s is not passed to "
		    "programs; accept = { \"%s\" } in the map allows it",
		    w->id, map->title, name, name);
}

int
launch_env(struct env *env, struct scgi *head, const struct target *t,
    const char *peer, void (*refused)(void *, const char *), void *arg)
{
	static char *none[] = { NULL };
	const struct settings *set = &t->map->set;
	const struct env_rules rules = {
		.accept = set->accept.n > 0 ? set->accept.v : none,
		.set = set->setenv.n > 0 ? set->setenv.v : none,
		.pass = set->passenv.n > 0 ? set->passenv.v : none,
		.unset = set->unsetenv.n > 0 ? set->unsetenv.v : none,
		.authorization = set->pass_authorization,
	};
	const struct env_facts facts = {
		.script_name = t->script_name,
		.path_info = t->path_info,
		.script_filename = t->file,
		.server_software = PACKAGE "/" VERSION,
		.remote_addr = peer,
	};

	return env_build(env, head, &rules, &facts, refused, arg);
}

/* What an exec that failed means; and a hint for the administrator. */
static enum cause
launch_explain_exec(int error, const char **hint)
{
	if (error == EACCES)
		return CAUSE_EXEC_DENIED;
	if (error == E2BIG)
		return CAUSE_ENVIRONMENT;
	if (error == ENOENT)
		*hint = " (is the interpreter in its first line there, and "
		    "does that line end without a carriage return?)";
	else if (error == ENOEXEC)
		*hint = " (does it begin with #! and an interpreter?)";
	return CAUSE_EXEC_FAILED;
}

static enum cause
launch_explain(enum child_stage stage, const struct target *t, const char *id)
{
	const char *file = t->exec, *hint = "";
	enum cause cause = CAUSE_RESOURCES;
	struct log_subject about = { .id = id, .script = t->file };
	int error = errno;

	if (error == ENOMEM || error == EAGAIN || error == EMFILE ||
	    error == ENFILE) {
		cause = CAUSE_RESOURCES;	/* at whatever stage */
	} else if (stage == CHILD_DIRECTORY) {
		cause = CAUSE_WORKING_DIRECTORY;
		file = t->directory;
	} else if (stage != CHILD_RESOURCES) {
		cause = launch_explain_exec(error, &hint);
	}
	about.reason = cause_word(cause);
	errno = error;
	log_warn_about(&about, "id=%s cannot run %s%s", id, file, hint);
	return cause;
}

enum cause
launch(struct run *run, struct scgi *head, const struct target *t,
    const char *peer, struct once *once)
{
	struct witness witness = { t, run->id, once };
	struct child_spec spec = {
		.file = t->exec,
		.argv = t->argv,
		.directory = t->directory,
		.no_new_privileges = t->map->set.no_new_privileges,
	};
	enum child_stage stage;
	enum cause cause;
	struct env env;

	if (t->setid && spec.no_new_privileges &&
	    launch_first_time(once, t->map, t->file))
		log_notice("id=%s %s is setuid or setgid, which has no effect; "
		    "no-new-privileges = no in the map lets it", run->id,
		    t->file);
	if (launch_env(&env, head, t, peer, launch_left_out, &witness) == -1)
		return CAUSE_MEMORY;
	spec.envp = env.v;
	stage = run_start(run, &spec, t->file, head->content_length > 0);
	cause = stage == CHILD_STARTED ? CAUSE_NONE :
	    launch_explain(stage, t, run->id);
	env_free(&env);		/* the program has a copy */
	return cause;
}
