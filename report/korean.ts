import type { FieldKey } from "../config/reference";
import type { TableWords } from "./configuration";

/** The capacity model's parameters have names and no sentences. */
type DescribedKey = Exclude<FieldKey, `model.${string}`>;

interface Described {
  readonly about: string;
  readonly change: string;
}

const IN_PLACE = "교체 없이 그 자리에서 바뀝니다";
const ONLY_CHECKED = "아무 일도 없습니다. 검사에만 씁니다";
const KEEPS_IMAGE = "단독 머신은 `replace`할 때까지 쓰던 것을 유지하고, 플릿은 서버를 하나씩 새것으로 바꿉니다";

/** What a key is, and what another value does to a stack that runs: `about` and `change` of the schema. */
const DESCRIBED: Readonly<Record<DescribedKey, Described>> = {
  tier: {
    about: "성장 단계",
    change: "스택이 그 단계로 커지거나 작아집니다: `npm run plan -- --from OLD --to NEW`",
  },
  users: {
    about: "가입 사용자 수. 한 단계 안에서 크기를 정합니다",
    change: "용량 모델에서 나온 크기가 따라 바뀝니다. 각각 어떻게 바뀌는지는 해당 행에 있습니다",
  },
  "network.cidr": {
    about: "VPC의 IPv4 블록",
    change: "바꿀 수 없습니다. 보호(protect)된 네트워크 전체를 교체하는 일이 됩니다",
  },
  "network.zones": {
    about: "서브넷을 두는 가용 영역. 추가한 순서대로 적습니다",
    change: "뒤에 추가만 합니다. 순서를 바꾸면 모든 서브넷이 옮겨 갑니다",
  },
  "network.egress": {
    about: "프라이빗 서브넷의 머신이 밖으로 나가는 방법",
    change: "라우트는 그 자리에서 바뀝니다. 열려 있던 연결은 한 번 끊기고, 밖에서 보이는 공인 주소가 바뀝니다",
  },
  "network.reserved": {
    about: "이 네트워크와 절대 겹치면 안 되는 다른 네트워크(VPN, 사무실, 다른 VPC)의 블록",
    change: ONLY_CHECKED,
  },
  "network.addressQuota": {
    about: "계정이 이 리전에서 가질 수 있는 Elastic IP 수(AWS 할당량 L-0263D0A3)",
    change: ONLY_CHECKED,
  },
  "app.instanceType": {
    about: "앱 서버의 인스턴스 타입",
    change: "단독 서버는 재시작하며, 1분쯤 걸립니다. 플릿은 서버를 하나씩 교체합니다",
  },
  "app.servers": {
    about: "단독 앱 서버의 수(single부터 balanced까지의 단계)",
    change: "서버를 끝에서 추가하거나 제거하며, 나머지는 그대로 둡니다",
  },
  "app.min": {
    about: "플릿(Auto Scaling 그룹)의 최소 서버 수(elastic 이상의 단계). 용량 모델이 계산한 피크를 감당하는 수입니다",
    change: IN_PLACE,
  },
  "app.max": {
    about: "플릿의 최대 서버 수",
    change:
      "교체 없이 그 자리에서 바뀝니다. 낮추면 그보다 많이 실행 중인 서버는 한꺼번에 종료되며, 게이트는 한 번에 절반까지만 통과시킵니다",
  },
  "app.imageId": {
    about: "앱 서버와 nginx 로드 밸런서의 AMI. 인스턴스 타입의 아키텍처에 맞는 Amazon Linux 2023",
    change: KEEPS_IMAGE,
  },
  "cache.nodeType": {
    about: "ElastiCache 노드 타입",
    change: "노드를 하나씩 교체합니다. 복제본이 없으면 캐시가 비고, 몇 분 동안 쓸 수 없습니다",
  },
  "cache.shards": {
    about: "샤드 수. 0이면 캐시를 두지 않습니다",
    change: "캐시가 서비스하는 동안 슬롯이 옮겨 갑니다. 0은 캐시를 삭제하는 것이라 보호(protect)에 막혀 거부됩니다",
  },
  "cache.replicas": {
    about: "샤드마다 두는 복제본 수. 하나 이상이면 노드를 잃어도 다른 가용 영역의 노드가 이어받습니다",
    change: IN_PLACE,
  },
  "cache.engineVersion": {
    about: "Valkey 버전. 따옴표로 감쌉니다",
    change: "올릴 때는 그 자리에서 바뀝니다. 내리면 캐시를 교체하게 되므로 보호(protect)에 막혀 거부됩니다",
  },
  "database.kind": {
    about: "EC2의 MySQL, Aurora MySQL, 또는 한쪽에서 다른 쪽으로 데이터를 옮기는 동안의 둘 다",
    change: "데이터는 저절로 옮겨 가지 않습니다: docs/migration.md",
  },
  "database.active": {
    about: "두 데이터베이스가 다 있을 때 앱이 쓰는 쪽",
    change: "이름 writer와 reader가 몇 초 안에 넘어갑니다. 절차서(runbook)의 전환(cut-over)을 마친 뒤에만 바꿉니다",
  },
  "database.instanceType": {
    about:
      "각 데이터베이스 서버의 인스턴스 타입(Aurora에서는 db.TYPE이라 하며, Aurora에는 두 표기를 모두 쓸 수 있습니다)",
    change: "모든 서버가 하나씩 재시작합니다. Aurora는 reader가 있으면 그 전에 페일오버합니다",
  },
  "database.readers": {
    about: "쓰는 서버 말고 읽기를 맡는 서버의 수",
    change: "reader를 끝에서 추가하거나 제거합니다. 0에서 늘리거나 0으로 줄이면 앱이 요청을 잃지 않고 재시작합니다",
  },
  "database.volumeGiB": {
    about: "MySQL 머신 각각의 데이터 볼륨 크기",
    change: "그 자리에서 커집니다. AWS는 볼륨을 줄여 주지 않으므로 더 작은 값은 실패합니다",
  },
  "database.primary": {
    about: "쓰기를 맡는 MySQL 머신의 번호",
    change: "이름이 몇 초 안에 넘어갑니다. 그 머신을 승격한 뒤에만 바꿉니다(docs/operations.md)",
  },
  "database.engineVersion": {
    about: "Aurora MySQL의 전체 버전",
    change: "올릴 때는 그 자리에서 바뀌며 1분쯤 중단됩니다. 내리는 것은 거부됩니다",
  },
  "database.imageId": {
    about: "MySQL 머신의 AMI. 인스턴스 타입의 아키텍처에 맞는 Amazon Linux 2023",
    change: KEEPS_IMAGE,
  },
  "edge.domain": {
    about: "클라이언트가 서비스에 접속할 때 쓰는 이름",
    change: "그 이름의 레코드가 생기거나 없어집니다. 뒤에 있는 주소는 그대로입니다",
  },
  "edge.hostedZoneId": {
    about: "edge.domain이 들어 있는 Route 53 퍼블릭 호스팅 영역",
    change: "레코드가 그 영역으로 옮겨 갑니다",
  },
  "operations.logRetentionDays": {
    about: "CloudWatch에 로그를 보관하는 일수",
    change: "그보다 오래된 로그는 하루 안에 없어집니다",
  },
  replace: {
    about: "머신 이름마다 적는 텍스트. 텍스트를 바꾸면 그 단독 머신이 교체됩니다(새 AMI, 새 파일)",
    change:
      "이름을 적은 머신이 교체됩니다. 후속 머신이 먼저 서비스를 시작하거나, 그동안 다른 서버들이 서비스합니다. 하나뿐인 머신이면 몇 분이 듭니다",
  },
  consent: {
    about:
      "변경으로 잃어도 되는 것의 이름. 그것만 담은 별도의 변경으로 하며, 데이터 리소스는 보호도 손으로 풀어야 합니다",
    change: "적힌 이름의 손실만 그대로 통과시킵니다",
  },
};

/** Of the texts `allowed` and `otherwise`, those that are words. Another word in the schema has to be said here anew. */
export const PHRASES: Readonly<Record<string, string>> = {
  required: "필수",
  tier: "단계가 정함",
  model: "용량 모델이 정함",
  none: "없음",
  "model, at least 20": "용량 모델이 정함, 최소 20",
  "tier, then model": "단계가 정하고, 단계에 없으면 용량 모델이 정함",
  "tier, then one for each further zone": "단계가 정하고, 단계에 없으면 둘째 가용 영역부터 영역마다 하나",
  "the first three of the region": "리전의 처음 세 곳",
  "5, AWS's default": "5(AWS의 기본값)",
  "twice app.min": "app.min의 두 배",
  "the newest Amazon Linux 2023 at each launch": "시작할 때마다 그때의 최신 Amazon Linux 2023",
  "the one there is; self-managed while migrating": "있는 쪽. 옮기는 동안(migrating)에는 self-managed",
  "none: the front address, or the load balancer's own name": "없음: 맨 앞의 주소나 로드 밸런서 자체의 이름을 씀",
  "a zone is made for edge.domain; delegate to the output nameServers":
    "edge.domain의 영역을 새로 만듦. 출력 nameServers로 위임해야 함",
  "no machine is replaced": "아무 머신도 교체하지 않음",
  "nothing may be lost": "아무것도 잃을 수 없음",
  "a private block from /16 to /21": "/16부터 /21까지의 사설 블록",
  "IPv4 blocks": "IPv4 블록",
  "1 to 1000, not above app.max": "1부터 1000까지, app.max 이하",
  "1 to 1000, not below app.min": "1부터 1000까지, app.min 이상",
  "1 to 20, behind one nginx 1 to 9": "1부터 20까지, nginx 한 대 뒤에서는 1부터 9까지",
  "1 to database.readers + 1": "1부터 database.readers + 1까지",
  "0 to 90, and with its replicas at most 90 nodes": "0부터 90까지, 복제본을 합쳐 노드 90개 이하",
  "ami- and 8 or 17 hexadecimal digits": "ami- 뒤에 16진수 8자리 또는 17자리",
  "a domain name in lower case": "소문자로 쓴 도메인 이름",
  "Z and 7 to 31 letters and digits": "Z 뒤에 영문자와 숫자 7자부터 31자까지",
  "a machine of the plan, and any text": "계획에 있는 머신과, 아무 텍스트",
  'the names that the refusal gives: "cache", "db", "db-mysql-1", ..., "domain zone", "domain name"':
    '거부 메시지에 나온 이름: "cache", "db", "db-mysql-1", ..., "domain zone", "domain name"',
};

/** Texts that hold values of the program. No tilde between them: Markdown strikes out what stands between two. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^a whole number from (\d+) to (\d+)$/, "$1부터 $2까지의 정수"],
  [/^(\d+) to (\d+)( GiB)?$/, "$1부터 $2$3까지"],
  [/^above (\d+), at most (\d+)$/, "$1 초과 $2 이하"],
  [
    /^(\d+) to (\d+) full zone names of aws:region, each once$/,
    "aws:region에 있는 가용 영역의 전체 이름 $1개부터 $2개까지, 중복 없이",
  ],
  [/^("\S+") to ("\S+")((?:, "\S+")*)$/, "$1부터 $2까지$3"],
  [
    /^([\w, ]+); t\* from nano to 2xlarge, the others from large to 16xlarge$/,
    "$1; t*는 nano부터 2xlarge까지, 나머지는 large부터 16xlarge까지",
  ],
  [/^(cache.*; cache[^;]*) from large to 16xlarge$/, "$1의 large부터 16xlarge까지"],
  [/^\S*\d\S*(, \S*\d\S*)*$|^\S+( \| \S+)+$/, "$&"],
];

/** The Korean words of the configuration table. Both functions throw an Error for what has none. */
export const KOREAN: TableWords = {
  heads: {
    key: "키",
    about: "내용",
    allowed: "허용하는 값",
    otherwise: "생략하면",
    change: "값을 바꾸면 운영 중인 스택에 일어나는 일",
  },
  model:
    "아래는 용량 모델의 매개변수입니다(각각의 출처는 [plan/capacity.ts](plan/capacity.ts)에 있습니다). 값을 바꾸면 그것으로 정한 크기가 따라 바뀝니다.",
  described: ({ key }) => found(key, (DESCRIBED as Readonly<Record<string, Described | undefined>>)[key]),
  value: (english) => found(english, PHRASES[english] ?? patterned(english)),
};

function patterned(english: string): string | undefined {
  const [pattern, korean] = PATTERNS.find(([candidate]) => candidate.test(english)) ?? [];
  return pattern === undefined || korean === undefined ? undefined : english.replace(pattern, korean);
}

function found<T>(wanted: string, words: T | undefined): T {
  if (words === undefined) throw new Error(`report/korean.ts has no words for "${wanted}"`);
  return words;
}
