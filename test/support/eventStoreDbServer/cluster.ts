import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

const version = '23.10.2';

/** What the server says it can do: batch appends among it, which the client then takes unless credentials forbid it. */
export const supportedMethods = (): features.SupportedMethods => {
  const methods = ['append', 'batchappend', 'read'].map((name) => {
    const method = new features.SupportedMethod();
    return method.setServiceName('event_store.client.streams.streams').setMethodName(name);
  });
  return new features.SupportedMethods().setEventStoreServerVersion(version).setMethodsList(methods);
};

/** What a node tells of its cluster: who leads it. */
export const clusterInfo = (leaderPort: number): gossip.ClusterInfo => {
  const leader = new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString(crypto.randomUUID()))
    .setTimeStamp('0')
    .setState(gossip.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(leaderPort));
  return new gossip.ClusterInfo().setMembersList([leader]);
};
