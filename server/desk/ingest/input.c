#include "desk/ingest/input.h"

#include "parser/parser.h"

bool input_parse(const struct desk *desk, const struct channel_account *account, const struct web_request *request,
                 struct arena *a, struct inbound_list *ret, struct error *err)
{
    struct parse_job job = {.account = account, .request = request, .arena = a};
    parser_run(desk->parser, &job);
    *ret = job.list;
    return job.outcome != PARSE_LATER || error_set(err, NULL, parser_busy);
}
