/* SPDX-License-Identifier: ISC */
/*
 * compose: the head of the request that the arguments ask for.
 *
 * First what the web server would send, then what the user wants otherwise.
 */
#include "platform.h"

#include "compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "encode.h"
#include "field.h"
#include "units.h"

/* The daemon's limits can be set higher than this only by hand. */
#define COMPOSE_MAX	((size_t)64 << 20)

/* What Apache is told to proxy to, a Unix socket being some localhost. */
static char *
compose_gateway(const struct arguments *a)
{
	char *gateway;

	if (asprintf(&gateway, "proxy:scgi://%s",
	    a->address.kind == ADDRESS_INET ? a->address_text :
	    "localhost") == -1)
		return NULL;
	return gateway;
}

/* The parameters, as the server would send them. */
static const char *
compose_params(const struct arguments *a, struct params *out)
{
	char *gateway = compose_gateway(a);
	struct front_request request = {
		.kind = a->front,
		.method = a->method,
		.url = &a->url,
		.fields = &a->fields,
		.script_name = a->script_name,
		.document_root = a->document_root,
		.gateway = gateway,
	};
	const char *why = "no memory";

	if (gateway != NULL && !a->fields.no_memory)
		why = front_params(&request, out);
	free(gateway);
	return why;
}

/* Without some, with others; CONTENT_LENGTH is none of the list. */
static const char *
compose_edit(const struct arguments *a, struct params *out, uint64_t *len)
{
	int64_t claimed;
	size_t i;

	for (i = 0; i < a->drops.n; i++)
		(void)params_drop(out, a->drops.list[i].name);
	for (i = 0; i < a->sets.n; i++) {
		if (strcmp(a->sets.list[i].name, "CONTENT_LENGTH") != 0) {
			params_set(out, a->sets.list[i].name,
			    a->sets.list[i].value);
			continue;
		}
		if (units_number(a->sets.list[i].value, &claimed) != NULL)
			return "CONTENT_LENGTH is not a number; send such a "
			    "request with --raw";
		*len = (uint64_t)claimed;
	}
	return out->no_memory || a->sets.no_memory || a->drops.no_memory ?
	    "no memory" : NULL;
}

static const char *
compose_encode(const struct params *from, uint64_t len, char **head,
    size_t *head_len)
{
	struct encode_param *params;
	struct encode_list list;
	const char *why;
	size_t i;

	if ((params = calloc(from->n + 1, sizeof *params)) == NULL)
		return "no memory";
	for (i = 0; i < from->n; i++)
		params[i] = (struct encode_param){
			from->list[i].name, strlen(from->list[i].name),
			from->list[i].value, strlen(from->list[i].value),
		};
	list = (struct encode_list){ params, from->n };
	why = encode_head(&list, len, COMPOSE_MAX, head, head_len, &i);
	free(params);
	return why;
}

const char *
compose_head(struct arguments *a, uint64_t len, char **head, size_t *head_len)
{
	const char *length = field_get(&a->fields, "Content-Length");
	struct params params = { 0 };
	char digits[24];
	const char *why;

	if (length != NULL && *length == '\0') {
		(void)snprintf(digits, sizeof digits, "%" PRIu64, len);
		params_set(&a->fields, "Content-Length", digits);
	}
	if ((why = compose_params(a, &params)) == NULL &&
	    (why = compose_edit(a, &params, &len)) == NULL)
		why = compose_encode(&params, len, head, head_len);
	params_free(&params);
	return why;
}
