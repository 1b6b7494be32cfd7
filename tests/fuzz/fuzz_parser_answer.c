/* What a parser's process answers: somebody who has got hold of it may say anything. */
#include "channel_fuzz.h"
#include "parser/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf again = {0};
    struct frame f = {.at = data, .end = data + size};
    struct parse_answer answer;
    if (!record_take(&f, &PARSE_ANSWER_RECORD, a, &answer))
        return 0;
    MUST(answer.list.n <= size);
    parse_answer_is_sound(&answer);
    record_put(&again, &PARSE_ANSWER_RECORD, &answer); /* looks at every byte of it */
    MUST(again.len <= size);
    return 0;
}
