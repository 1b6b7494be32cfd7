/* Files of entries, as channels make them. */
#pragma once

#include "channel/inbound.h"

#define FILE_NAME_MAX 250

bool is_mime_type(const char *type);          /* two tokens and a slash; NULL is none */
const char *ending_of_type(const char *type); /* of a file's name, without the dot; "bin" of others, and of NULL */

/* An attachment with a safe name, made up when there is none. Takes the data as it is. */
struct attachment attach(struct arena *a, const char *name, const char *type, const char *cid, bool is_inline,
                         const void *data, size_t n);

/* Adds a file that the provider keeps and gives by this id; NULL when it is no id that an address may hold. `type`: what it will be
 * at a guess, for who sees its name until it is here; or NULL. */
struct attachment *attach_remote(struct arena *a, struct list *files, const char *id, const char *name,
                                 const char *type);

/* The id itself, when an address may hold it as it is; else NULL. */
const char *id_in_url(const char *id);
