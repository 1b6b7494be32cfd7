/* The reader that counts contacts by day (store/contact.h); its setting is the time zone of days. task/reader.h says when these run. */
#pragma once

#include "task/reader.h"

bool contact_reader_apply(struct reading *r, const struct logged *words, size_t n);
bool contact_reader_anew(struct reading *r, int64_t *at);
