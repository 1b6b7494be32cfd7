#include "web/state/server.h"

void server_set_accounts(struct server *s, struct accounts *accounts)
{
    bool older = s->accounts && s->accounts->generation > accounts->generation;
    accounts_unref(older ? accounts : s->accounts);
    if (!older)
        s->accounts = accounts;
}
