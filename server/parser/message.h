/* What a parser's thread and its process say to each other: an input, and what it is. Both are of one build, so the order of
 * the fields is the whole of the format. */
#pragma once

#include "channel/channel.h"
#include "channel/signer.h"
#include "parser/record.h"

extern const struct record INBOUND_RECORD, INBOUND_LIST_RECORD;

/* An input but its body, which follows: it is large, and is not copied. */
struct parse_order {
    const char *type;     /* of the channel */
    const char *settings; /* JSON, without the secrets */
    const char *webhook_url;
    bool plainly; /* a process has died of it: without what a mail can do without (mime_read_extras) */
    struct list
        signers; /* struct signer; some: the input is known already, and asked is what its signatures are worth */
    struct web_request request;
};
extern const struct record PARSE_ORDER_RECORD;

struct parse_answer {
    bool understood;
    const char *reason; /* why not */
    struct inbound_list list;
};
extern const struct record PARSE_ANSWER_RECORD;

/* What is known of each item with the signers of the order: its payload. */
struct verify_answer {
    struct list payloads; /* const char * */
};
extern const struct record VERIFY_ANSWER_RECORD;

/* Of so many items: JSON objects, or none where there was none. */
bool verify_answer_is_sound(const struct verify_answer *answer, const struct inbound_list *list);

extern const struct record SIGNER_FACTS_RECORD;
bool signer_facts_are_sound(const struct signer_facts *facts);

/* It keeps to the contract of inbound.h where a reader relies on it: ids are there, payloads are JSON, files come as bytes and
 * not by the name of one that is stored. The process has read a stranger's bytes, so its word counts no more than theirs. */
bool parse_answer_is_sound(const struct parse_answer *answer);

/* The account's settings as JSON without secrets: what takes the input apart shall not know them. */
const char *settings_without_secrets(struct arena *a, const struct channel_account *account);
