import torch, numpy, argparse, pathlib, collections, random, datetime, io, pickle
torch.manual_seed(0)
lstm = torch.nn.LSTM(2,3)
p = torch.nn.Parameter(torch.arange(4.))
p.tag = 'kept'
random.seed(1); numpy.random.seed(1)
opt = torch.optim.Adam(lstm.parameters()); lstm(torch.zeros(1,1,2))[0].sum().backward(); opt.step()
sch = torch.optim.lr_scheduler.MultiStepLR(opt, [3, 5])
c = {
 'epoch': 3, 'pi': 3.5, 'none': None, 'big': 2**100, 'negative': -2**40, 'bytes': b'abc', 'complex': 1+2j,
 'hyper_parameters': argparse.Namespace(lr=0.1, out=pathlib.Path('/runs/x'), tensor=torch.ones(2)),
 'rng': {'python': random.getstate(), 'numpy': numpy.random.get_state(), 'torch': torch.get_rng_state()[:4].clone()},
 'scalar': numpy.float64(2.5), 'array': numpy.arange(3), 'dtype': torch.float16, 'device': torch.device('cpu'),
 'size': torch.Size([2, 3]), 'set': {1, 2}, 'frozen': frozenset([1]), 'when': datetime.datetime(2024, 1, 2),
 'default': collections.defaultdict(list, {'a': [torch.full((2,), 7.)]}), 'counter': collections.Counter('aab'),
 'tagged': p, 'scheduler': sch.state_dict(), 'optimizer': opt.state_dict(),
 'bool_tensor': torch.tensor([True, False]), 'complex_tensor': torch.ones(2, dtype=torch.complex64),
 'bytes_tensor': torch.tensor([1, 2, 255], dtype=torch.uint8), 'long_tensor': torch.tensor(-5),
 'empty_tensor': torch.zeros(0, 3), 'sparse': torch.eye(2).to_sparse(),
 'expanded': torch.tensor([[1.], [2.]]).expand(2, 3), 'state_dict': lstm.state_dict(),
}
torch.save(c, 'trainer_checkpoint.pt')
torch.save(c, 'trainer_checkpoint_legacy.pt', _use_new_zipfile_serialization=False)
torch.save(c, 'trainer_checkpoint_protocol5.pt', pickle_protocol=5)
torch.save(c, 'trainer_checkpoint_protocol1_legacy.pt', pickle_protocol=1, _use_new_zipfile_serialization=False)
