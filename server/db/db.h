/* A connection to MariaDB with all that can be done with it. */
#pragma once

#include "db/bulk.h"
#include "db/connection.h"
#include "db/record.h"
#include "db/statement.h"
#include "db/transaction.h"
#include "db/value.h"
