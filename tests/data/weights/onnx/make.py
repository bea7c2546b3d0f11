#!/usr/bin/env python3
"""Makes the ONNX models of this folder and what they compute: /usr/bin/python3 make.py FOLDER

Needs Debian's python3-torch, python3-onnx and python3-h5py. expected.h5 holds per model `input` [T, I] and `output`
[T, O], from a zero state."""
import sys

import h5py
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

folder = sys.argv[1]
torch.manual_seed(4)
expected = h5py.File(f"{folder}/expected.h5", "w")


class Net(torch.nn.Module):
    def __init__(self, kind, name, inputs, hidden, layers, outputs, batch_first=True, last=False, **options):
        super().__init__()
        self.rnn = kind(inputs, hidden, layers, batch_first=batch_first, **options)
        wide = hidden * (2 if options.get("bidirectional") else 1)
        self.linear = torch.nn.Linear(wide, outputs)
        self.last = last

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.linear(y[:, -1] if self.last else y)


def expect(name, x, y):
    group = expected.create_group(name)
    group["input"] = x.detach().numpy()
    group["output"] = y.detach().numpy()


def export(name, kind, *sizes, steps=7, dynamic=False, **options):
    net = Net(kind, name, *sizes, **options).eval()
    x = torch.randn(1, steps, sizes[0])
    if not options.get("batch_first", True):
        x = x.transpose(0, 1)
    axes = {"x": {0: "batch", 1: "steps"}, "y": {0: "batch", 1: "steps"}} if dynamic else None
    torch.onnx.export(net, (x,), f"{folder}/{name}.onnx", input_names=["x"], output_names=["y"], opset_version=14,
                      dynamic_axes=axes)
    every, _ = net.rnn(x)
    expect(name, x.reshape(steps, -1), net.linear(every).reshape(steps, -1))


torch.set_grad_enabled(False)
export("lstm_2_layers", torch.nn.LSTM, 6, 12, 2, 5)
export("lstm_dynamic", torch.nn.LSTM, 3, 8, 2, 4, dynamic=True)
export("lstm_last_step", torch.nn.LSTM, 4, 6, 1, 3, last=True)
export("lstm_no_bias", torch.nn.LSTM, 4, 6, 2, 3, bias=False)
export("gru_2_layers", torch.nn.GRU, 5, 8, 2, 3)
export("rnn_tanh", torch.nn.RNN, 4, 7, 2, 3, batch_first=False)
export("rnn_relu", torch.nn.RNN, 4, 7, 1, 3, nonlinearity="relu")
export("lstm_bidirectional", torch.nn.LSTM, 4, 5, 2, 3, bidirectional=True)


# The same small LSTM, by hand: other precisions, other places for its tensors, other heads, things PyTorch cannot do.
I, H, O, T = 3, 4, 2, 6
numbers = np.random.default_rng(5)
W, R, B = (numbers.normal(size=s) * 0.5 for s in ((1, 4 * H, I), (1, 4 * H, H), (1, 8 * H)))
V, c = numbers.normal(size=(H, O)), numbers.normal(size=O)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def run(W, R, B, V, c, x):
    h, cell, out = np.zeros(H), np.zeros(H), []
    for step in x:
        i, o, f, g = np.split(W[0] @ step + R[0] @ h + B[0, :4 * H] + B[0, 4 * H:], 4)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(cell)
        out.append(h @ V + c)
    return np.stack(out)


def tensor(name, values, kind, typed=False):
    if kind == TensorProto.BFLOAT16:
        bits = (np.asarray(values, np.float32).view(np.uint32) >> 16).astype(np.uint16)
        if typed:
            made = TensorProto(name=name, data_type=kind, dims=values.shape)
            made.int32_data.extend(int(b) for b in bits.flatten())
            return made
        return TensorProto(name=name, data_type=kind, dims=values.shape, raw_data=bits.tobytes())
    values = values.astype(helper.mapping.TENSOR_TYPE_TO_NP_TYPE[kind])
    if typed:
        return helper.make_tensor(name, kind, values.shape, values.flatten().tolist())
    return numpy_helper.from_array(values, name)


def rounded(values, kind):
    if kind == TensorProto.BFLOAT16:
        return (np.asarray(values, np.float32).view(np.uint32) & 0xFFFF0000).view(np.float32).astype(float)
    return values.astype(helper.mapping.TENSOR_TYPE_TO_NP_TYPE[kind]).astype(float)


def save(name, nodes, tensors, steps=True):
    graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, [T, 1, I])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], tensors)
    onnx.save(helper.make_model(graph, producer_name="by hand"), f"{folder}/{name}.onnx")


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, name=attributes.pop("name", op.lower()), **attributes)


head = [node("Squeeze", ["h", "one"], ["s"]), node("MatMul", ["s", "V"], ["m"]), node("Add", ["c", "m"], ["y"])]
one = numpy_helper.from_array(np.array([1]), "one")
x = numbers.normal(size=(T, I))
for name, kind, typed in (("float32_typed", TensorProto.FLOAT, True), ("float16", TensorProto.FLOAT16, False),
                          ("float16_typed", TensorProto.FLOAT16, True), ("double", TensorProto.DOUBLE, False),
                          ("double_typed", TensorProto.DOUBLE, True), ("bfloat16", TensorProto.BFLOAT16, False),
                          ("bfloat16_typed", TensorProto.BFLOAT16, True)):
    save(name, [node("LSTM", ["x", "W", "R", "B"], ["h"], hidden_size=H)] + head,
         [tensor(n, v, kind, typed) for n, v in (("W", W), ("R", R), ("B", B), ("V", V), ("c", c))] + [one])
    y = run(*(rounded(v, kind) for v in (W, R, B, V, c)), x)
    expect(name, torch.tensor(x.astype(np.float32)), torch.tensor(y.astype(np.float32)))

single = TensorProto.FLOAT
values = {"W": W, "R": R, "B": B, "V": V, "c": c}
stored = [tensor(n, v, single) for n, v in values.items()] + [one]
y = run(*(rounded(v, single) for v in values.values()), x)


def save_same(name, nodes, tensors):
    save(name, nodes, tensors)
    expect(name, torch.tensor(x.astype(np.float32)), torch.tensor(y.astype(np.float32)))


lstm = node("LSTM", ["x", "W", "R", "B"], ["h"], hidden_size=H)
save_same("constant_nodes", [node("Constant", [], [n], name=f"{n}_", value=tensor("", v, single))
                             for n, v in values.items()] + [lstm] + head, [one])
save_same("gemm_trans_b", [lstm, node("Squeeze", ["h", "axes"], ["s"]),
                           node("Gemm", ["s", "linear.weight", "linear.bias"], ["y"], transB=1)],
          stored[:3] + [tensor("linear.weight", V.T, single), tensor("linear.bias", c, single),
                        numpy_helper.from_array(np.array([1, 2]), "axes")])
save_same("shared_by_identity", [node("Identity", ["R0"], ["R"]), node("Identity", ["c0"], ["c"], name="i2"),
                                 node("Transpose", ["Vt"], ["V"], perm=[1, 0]), lstm] + head,
          [stored[0], tensor("R0", R, single), stored[2], tensor("Vt", V.T, single), tensor("c0", c, single), one])
zeros = tensor("zeros", np.zeros((1, 1, H)), single)
save_same("zero_states", [node("LSTM", ["x", "W", "R", "B", "", "zeros", "zeros"], ["h"], hidden_size=H,
                               activations=["Sigmoid", "Tanh", "Tanh"])] + head, stored + [zeros])

# What does not fit.
gru = [tensor("W", W[:, :3 * H], single), tensor("R", R[:, :3 * H], single), tensor("B", B[:, :6 * H], single)]
save("gru_before_reset", [node("GRU", ["x", "W", "R", "B"], ["h"], hidden_size=H)] + head, gru + stored[3:])
save("reverse", [node("LSTM", ["x", "W", "R", "B"], ["h"], hidden_size=H, direction="reverse")] + head, stored)
save("peepholes", [node("LSTM", ["x", "W", "R", "B", "", "", "", "P"], ["h"], hidden_size=H)] + head,
     stored + [tensor("P", numbers.normal(size=(1, 3 * H)), single)])
save("initial_state", [node("LSTM", ["x", "W", "R", "B", "", "h0"], ["h"], hidden_size=H)] + head,
     stored + [tensor("h0", numbers.normal(size=(1, 1, H)), single)])
save("clip", [node("LSTM", ["x", "W", "R", "B"], ["h"], hidden_size=H, clip=3.0)] + head, stored)
save("activations", [node("LSTM", ["x", "W", "R", "B"], ["h"], hidden_size=H,
                          activations=["HardSigmoid", "Tanh", "Tanh"])] + head, stored)
save("input_forget", [node("LSTM", ["x", "W", "R", "B"], ["h"], hidden_size=H, input_forget=1)] + head, stored)
save("computed_weights", [node("Mul", ["W0", "two"], ["W"]), lstm] + head,
     stored[1:] + [tensor("W0", W, single), tensor("two", np.array(2.0), single)])
save("two_linear", [lstm, node("MatMul", ["h", "V"], ["m"]), node("Relu", ["m"], ["r"]), node("MatMul", ["r", "U"], ["y"], name="second")],
     stored[:4] + [tensor("U", numbers.normal(size=(O, O)), single)])
save("lstm_then_gru", [lstm, node("Squeeze", ["h", "one"], ["s"]), node("GRU", ["s", "W2", "R2"], ["g"], hidden_size=H, linear_before_reset=1),
                       node("MatMul", ["g", "V"], ["y"])],
     stored[:4] + [one, tensor("W2", R[:, :3 * H], single), tensor("R2", R[:, :3 * H], single)])
save("wrong_shape", [lstm] + head, [tensor("W", W[:, :-1], single)] + stored[1:])
save("mlp_only", [node("MatMul", ["x", "U"], ["m"]), node("Relu", ["m"], ["y"])], [tensor("U", numbers.normal(size=(I, O)), single)])

# What is refused.
external = onnx.load(f"{folder}/float16.onnx")
external.graph.initializer[0].ClearField("raw_data")
external.graph.initializer[0].data_location = TensorProto.EXTERNAL
for key, value in (("location", "../../etc/passwd"), ("offset", "0"), ("length", "96")):
    external.graph.initializer[0].external_data.add(key=key, value=value)
onnx.save(external, f"{folder}/external_data.onnx")
for name, change in (("short_data", lambda t: setattr(t, "raw_data", t.raw_data[:-1])),
                     ("huge_shape", lambda t: t.dims.__setitem__(0, 1 << 50)),
                     ("overflow_shape", lambda t: t.dims.extend([1 << 40, 1 << 40])),
                     ("negative_shape", lambda t: t.dims.__setitem__(0, -1))):
    model = onnx.load(f"{folder}/float16.onnx")
    change(model.graph.initializer[0])
    with open(f"{folder}/{name}.onnx", "wb") as out:
        out.write(model.SerializeToString())
twice = onnx.load(f"{folder}/float16.onnx")
twice.graph.initializer[1].name = "W"
open(f"{folder}/two_of_one_name.onnx", "wb").write(twice.SerializeToString())
whole = open(f"{folder}/lstm_last_step.onnx", "rb").read()
open(f"{folder}/truncated.onnx", "wb").write(whole[:len(whole) * 6 // 10])


# The state of an earlier run goes in: layers read slices of it.
class Stateful(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(3, 4, 2, batch_first=True)
        self.linear = torch.nn.Linear(4, 2)

    def forward(self, x, h, c):
        y, (h, c) = self.lstm(x, (h, c))
        return self.linear(y), h, c


state = torch.zeros(2, 1, 4)
torch.onnx.export(Stateful().eval(), (torch.zeros(1, 5, 3), state, state), f"{folder}/free_state.onnx",
                  input_names=["x", "h", "c"], output_names=["y", "hn", "cn"], opset_version=14)
