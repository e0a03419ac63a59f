"""The status page of the sandbox's VPN company."""

GROUPS = {
    "VPN locations": ["US East", "US West", "EU Central", "AP Southeast"],
    "Services": ["Website", "Payments", "Apps", "DNS resolvers"],
}
