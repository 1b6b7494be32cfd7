#include "web/state/server.h"

#include "parser/known.h"
#include "web/hub/hub.h"

void server_set_accounts(struct server *s, struct accounts *accounts)
{
    bool older = s->accounts && s->accounts->generation > accounts->generation;
    accounts_unref(older ? accounts : s->accounts);
    if (older)
        return;
    s->accounts = accounts;
    known_signers_set(accounts->signers);
    if (s->hub)
        hub_channels_changed(s->hub, accounts);
}
