/* SPDX-License-Identifier: ISC */
/*
 * field: header fields of an HTTP request, and the parameters made of them.
 *
 * Pure. Field names are kept as they were given, and compared in any case.
 */
#include "platform.h"

#include "field.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "params.h"
#include "token.h"

static struct param *
field_find(const struct params *fields, const char *name)
{
	size_t i;

	for (i = 0; i < fields->n; i++)
		if (strcasecmp(fields->list[i].name, name) == 0)
			return &fields->list[i];
	return NULL;
}

const char *
field_get(const struct params *fields, const char *name)
{
	struct param *found = field_find(fields, name);

	return found != NULL ? found->value : NULL;
}

/* RFC 9110 5.5: no field value has control characters, but for a tab. */
static const char *
field_verify(const char *name, const char *value)
{
	if (*name == '\0')
		return "no name in front of the colon";
	if (!token_is(name, strlen(name)))
		return "a character that no field name can have";
	for (; *value != '\0'; value++)
		if (((unsigned char)*value < 0x20 && *value != '\t') ||
		    *value == 0x7f)
			return "a control character";
	return NULL;
}

/* A field that is already known to be good. */
static void
field_put(struct params *fields, struct params *own, const char *name,
    const char *value)
{
	struct param *old = field_find(fields, name);
	bool again = field_find(own, name) != NULL;

	params_add(own, name, "");
	if (old != NULL && !again) {
		if (value == NULL)
			(void)params_drop(fields, old->name);
		else
			params_set(fields, old->name, value);
	} else if (value != NULL) {
		params_add(fields, name, value);
	}
}

const char *
field_set(struct params *fields, struct params *own, const char *line)
{
	size_t len = strcspn(line, ":;"), end;
	const char *value = line + len, *why;
	char *name, *trimmed;
	bool removes;

	if (*value == '\0')
		return "no colon; a field is 'Name: value'";
	removes = *value++ == ':' && *value == '\0';
	if (value[-1] == ';' && *value != '\0')
		return "something behind the semicolon; a field is "
		    "'Name: value'";
	value += strspn(value, " \t");
	end = strlen(value);
	while (end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\t'))
		end--;
	name = strndup(line, len);
	trimmed = strndup(value, end);
	if (name == NULL || trimmed == NULL)
		why = "no memory";
	else if ((why = field_verify(name, trimmed)) == NULL)
		field_put(fields, own, name, removes ? NULL : trimmed);
	free(name);
	free(trimmed);
	return why;
}

/* "X-Field" to "HTTP_X_FIELD", for the caller to free. */
static char *
field_variable(const char *field)
{
	char *name, *p;

	if (asprintf(&name, "HTTP_%s", field) == -1)
		return NULL;
	for (p = name; *p != '\0'; p++)
		*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
	return name;
}

static bool
field_is_dropped(const char *name, const struct field_habits *habits)
{
	size_t i;

	for (i = 0; habits->drops[i] != NULL; i++)
		if (strcmp(habits->drops[i], name) == 0)
			return true;
	return false;
}

static void
field_param(const struct param *field, const struct field_habits *habits,
    struct params *out)
{
	const char *separator;
	char *name;

	if ((strchr(field->name, '_') != NULL && !habits->underscores) ||
	    (*field->value == '\0' && !habits->empty))
		return;
	if ((name = field_variable(field->name)) == NULL) {
		out->no_memory = true;
		return;
	}
	separator = strcmp(name, "HTTP_COOKIE") == 0 ?
	    habits->cookie : habits->other;
	if (field_is_dropped(name, habits))
		;
	else if (!habits->content_type &&
	    strcmp(name, "HTTP_CONTENT_TYPE") == 0)
		params_set(out, "CONTENT_TYPE", field->value);
	else if (separator != NULL)
		params_join(out, name, separator, field->value);
	else
		params_add(out, name, field->value);
	free(name);
}

void
field_params(const struct params *fields, const struct field_habits *habits,
    struct params *out)
{
	size_t i;

	for (i = 0; i < fields->n; i++)
		field_param(&fields->list[i], habits, out);
}
