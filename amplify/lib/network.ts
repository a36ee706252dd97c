import { RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { FlowLogDestination, FlowLogTrafficType, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { LOGS_KEPT } from './functions.ts'
import { acknowledgeWildcards } from './nag.ts'
import { arnOf, type Names } from './names.ts'
import { may } from './policies.ts'

const flowLog = (stack: Stack, vpc: Vpc, names: Names): void => {
  const name = `/lectern/${names.prefix}-network`
  const logGroup = new LogGroup(stack, 'network-log', { logGroupName: name, retention: LOGS_KEPT, removalPolicy: RemovalPolicy.DESTROY })
  const writing = [may(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], [arnOf('logs', `log-group:${name}:*`)])]
  const iamRole = new Role(stack, 'network-log-role', { assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com') })
  for (const statement of writing) iamRole.addToPolicy(statement)
  acknowledgeWildcards(iamRole, writing, 'The streams of one log have no names yet.')
  vpc.addFlowLog('refused', { destination: FlowLogDestination.toCloudWatchLogs(logGroup, iamRole), trafficType: FlowLogTrafficType.REJECT })
}

/** Public subnets and nobody listening in them: a gateway for private ones would cost more than the school. */
export const networkOf = (stack: Stack, names: Names): { vpc: Vpc; outward: SecurityGroup } => {
  const vpc = new Vpc(stack, 'network', {
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false }],
  })
  flowLog(stack, vpc, names)
  const outward = new SecurityGroup(stack, 'outward', { vpc, allowAllOutbound: true, description: 'Calls out, and answers nobody.' })
  return { vpc, outward }
}
