#pragma once

// The built-in targets as structs, for programs that name one in their code. Not part of alertmap.hpp, so that a program does
// not pay for vendors that it does not use: include this, or the one header of a vendor.
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
