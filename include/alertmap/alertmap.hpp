#pragma once

// The whole public surface, but for fmt.hpp.
#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/parser.hpp"
#include "alertmap/request.hpp"
#include "alertmap/result.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/timestamp.hpp"
#include "alertmap/version.hpp"
