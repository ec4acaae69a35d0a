export type { HomeAssistantOptions } from './sinks/home-assistant';
export { type MqttSink, type MqttSinkOptions, mqttSink } from './sinks/mqtt-sink';
