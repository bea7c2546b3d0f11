# Golden numbers of tests/making: networks of made zoos in PyTorch's own modules.
# usage: pytorch_logits.py OUT.h5 ZOO.h5…   (python3-torch, python3-h5py)
import sys
import h5py
import numpy as np
import torch

with h5py.File(sys.argv[1], "w") as out:
    for path in sys.argv[2:]:
        with h5py.File(path) as zoo:
            shape = dict(zoo["architecture"].attrs)
            parameters = np.array(zoo["parameters"])[-1]
            tokens = np.array(zoo["rollouts/inputs"])[-1]
            stored = np.array(zoo["rollouts/logits"])[-1]
        cell = shape["cell"] if isinstance(shape["cell"], str) else shape["cell"].decode()
        kinds = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn_tanh": torch.nn.RNN}
        hidden, size = int(shape["hidden_size"]), int(shape["input_size"])
        core = kinds[cell](size, hidden, int(shape["num_layers"]), batch_first=True)
        head = torch.nn.Linear(hidden, int(shape["output_size"]))
        state = torch.from_numpy(parameters)
        with torch.no_grad():
            for tensor in [*core.parameters(), *head.parameters()]:
                tensor.copy_(state[: tensor.numel()].view(tensor.shape))
                state = state[tensor.numel() :]
            assert state.numel() == 0
            one_hot = torch.nn.functional.one_hot(torch.from_numpy(tokens[:, :-1].astype(np.int64)), size).float()
            logits = head(core(one_hot)[0])
        group = out.create_group(cell)
        group["parameters"] = parameters
        group["tokens"] = tokens.astype(np.int32)
        group["logits"] = logits.numpy()
        group["stored"] = stored.astype(np.float32)
        group.attrs["hidden_size"] = hidden
        group.attrs["num_layers"] = int(shape["num_layers"])
        print(cell, float((torch.log_softmax(logits, -1) - torch.from_numpy(stored.astype(np.float32))).abs().max()))
