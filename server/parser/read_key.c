#include "parser/read_key.h"

#include "apart/process.h"
#include "parser/message.h"

#define READ_WITHIN_MS 10000
#define FACTS_MAX (64 << 10)

bool read_key_apart(struct arena *a, const char *text, struct signer_facts *ret, bool *ret_died)
{
    struct process p = {0};
    struct buf nothing = {0};
    size_t n = 0;
    *ret_died = false;
    if (!process_start(&p, KEY_READER_COMMAND))
        return false;
    const char *answer = process_ask(&p, &nothing, text, strlen(text), READ_WITHIN_MS, FACTS_MAX, a, &n);
    struct frame f = {.at = (const uint8_t *)answer, .end = (const uint8_t *)answer + n};
    bool fine = answer && record_take(&f, &SIGNER_FACTS_RECORD, a, ret) && f.at == f.end && signer_facts_are_sound(ret);
    *ret_died = !fine;
    process_end(&p);
    return fine;
}
