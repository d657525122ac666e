/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/interface_query.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "packet/frame.h"
#include "protocols.h"

enum { RAWIP = 519 /* ARPHRD_RAWIP, which older headers do not have */ };

uint16_t interface_link_type_of(uint16_t hardware_type)
{
	switch (hardware_type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return LINK_ETHERNET;
	case ARPHRD_NONE:
	case ARPHRD_PPP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case RAWIP:
		return LINK_RAW;
	case ARPHRD_IEEE80211:
		return LINK_IEEE802_11;
	case ARPHRD_IEEE80211_PRISM:
		return LINK_IEEE802_11_PRISM;
	case ARPHRD_IEEE80211_RADIOTAP:
		return LINK_IEEE802_11_RADIOTAP;
	default:
		return LINK_LINUX_SLL;
	}
}

uint16_t interface_frame_link_type(uint16_t hardware_type, uint16_t ethertype, uint32_t link_length)
{
	uint16_t link_type = interface_link_type_of(hardware_type);

	switch (link_type) {
	case LINK_ETHERNET:
		return link_length ? link_type : LINK_LINUX_SLL;
	case LINK_RAW:
		return is_ip(ethertype) ? link_type : LINK_LINUX_SLL;
	default: /* a frame of 802.11 has no type: the kernel notes ETH_P_802_2 (net/mac80211/rx.c) */
		return is_length(ethertype) ? link_type : LINK_LINUX_SLL;
	}
}

bool interface_is_cooked(uint16_t link_type)
{
	return link_type == LINK_LINUX_SLL || link_type == LINK_UNKNOWN;
}

/* Ask the kernel about a device, with an ioctl of netdevice(7). */
static bool ask(const char *name, unsigned long what, struct ifreq *question)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool answered;

	if (fd < 0)
		return false;
	strncpy(question->ifr_name, name, IFNAMSIZ - 1);
	answered = ioctl(fd, what, question) == 0;
	close(fd);
	return answered;
}

/* A tun device may call itself anything (TUNSETLINK), also Ethernet: its frames have no link-level header all the same.
 * Its driver says what it is (tun_get_drvinfo() in drivers/net/tun.c). */
static bool is_tun(const char *name)
{
	struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
	struct ifreq question = {.ifr_data = (char *)&driver};

	return ask(name, SIOCETHTOOL, &question) && !strcmp(driver.driver, "tun") && !strcmp(driver.bus_info, "tun");
}

uint16_t interface_hardware_type(const char *name)
{
	struct ifreq answer = {0};

	return ask(name, SIOCGIFHWADDR, &answer) ? answer.ifr_hwaddr.sa_family : ARPHRD_VOID;
}

uint16_t interface_link_type(const char *name)
{
	struct ifreq answer = {0};
	uint16_t link_type = LINK_UNKNOWN;

	if (ask(name, SIOCGIFHWADDR, &answer))
		link_type = interface_link_type_of(answer.ifr_hwaddr.sa_family);
	return link_type != LINK_RAW && is_tun(name) ? LINK_LINUX_SLL : link_type;
}
