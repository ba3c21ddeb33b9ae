#!/usr/bin/perl
# Stands in for a command of the machine: asks the drill what to answer.
use strict;
use warnings;
use Socket;
my ($name) = $0 =~ m{([^/]+)$};
socket(my $drill, PF_UNIX, SOCK_STREAM, 0) or die "$name: $!\n";
connect($drill, sockaddr_un("$ENV{BILLYBULLY_DRILL}/socket")) or die "$name: the drill does not answer: $!\n";
syswrite($drill, join("\0", $name, @ARGV));
shutdown($drill, 1);
my $answer = do { local $/; <$drill> };
my ($status, $out, $err) = split(/\0/, $answer, 3);
print $out;
print STDERR $err;
exit $status;
