#pragma once

// The structs of all built-in targets, for programs that name a target in code. Not part of alertmap.hpp, so that other programs do not
// compile them; a single vendor's header can be included instead.
#include "alertmap/targets/better_stack.hpp"
#include "alertmap/targets/chat.hpp"
#include "alertmap/targets/goalert.hpp"
#include "alertmap/targets/google_chat.hpp"
#include "alertmap/targets/grafana_oncall.hpp"
#include "alertmap/targets/ilert.hpp"
#include "alertmap/targets/incident_io.hpp"
#include "alertmap/targets/keep.hpp"
#include "alertmap/targets/ntfy.hpp"
#include "alertmap/targets/opsgenie.hpp"
#include "alertmap/targets/pagerduty.hpp"
#include "alertmap/targets/rootly.hpp"
#include "alertmap/targets/servicenow.hpp"
#include "alertmap/targets/signl4.hpp"
#include "alertmap/targets/slack.hpp"
#include "alertmap/targets/splunk_on_call.hpp"
#include "alertmap/targets/teams.hpp"
