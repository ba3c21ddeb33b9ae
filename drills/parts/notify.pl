#!/usr/bin/perl
# Listens where a service of Type=notify says that it is ready.
use strict;
use warnings;
use Socket;
$| = 1;
socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die "$!\n";
bind($socket, sockaddr_un($ARGV[0])) or die "$!\n";
chmod(0777, $ARGV[0]);
print "listening\n";
while (defined(recv($socket, my $message, 4096, 0))) {
  print "$message\n";
}
